// A painted scene: layers from far to near, each a planar picture larger than the frame so that the camera can move.

/** A rectangle in a layer's pixels; all four are multiples of 16. */
export interface LayerBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * One layer on disk. The file holds what lies in `box`, as zstd-compressed planar 8-bit BT.709 limited-range 4:2:0:
 * Y (width×height of the box), U, V (each half×half), then, when `alpha`, A. Colour is straight (not premultiplied).
 */
export interface LayerInfo {
  /** Multiples of 16. */
  width: number;
  height: number;
  /** Outside it nothing of the layer is to be seen. All of the layer when it is opaque. */
  box: LayerBox;
  alpha: boolean;
  /** 0 = far (moves least) … 1 = near (moves most). */
  depth: number;
}

/** Specks that drift over the picture, drawn per frame by the compositor. */
export interface Particles {
  kind: 'dust' | 'snow' | 'rain' | 'embers' | 'bokeh' | 'stars';
  /** 0..1 */
  density: number;
  seed: number;
}

/**
 * A clip that fills the frame behind the layers: H.264 in MP4 of exactly the frame's size and rate, without sound. Past
 * its end it starts again.
 */
export interface ClipInfo {
  width: number;
  height: number;
  frames: number;
}

export interface SceneArtInfo {
  /** Without a clip, the first layer is opaque and there is at least that one. */
  layers: LayerInfo[];
  particles: Particles | null;
  clip?: ClipInfo;
  /** Mean luma 0..255 of the picture behind each caption position; captions choose their contrast by it. */
  luma: { bottom: number; middle: number; top: number };
}

/** Size of every layer for a frame of this size: 16 % larger, so that the camera has room to move. */
export function layerSize(frame: { width: number; height: number }): { width: number; height: number } {
  const grow = (side: number) => 16 * Math.ceil((side * 1.16) / 16);
  return { width: grow(frame.width), height: grow(frame.height) };
}

/** Height in pixels, even, of each black bar of a style with this letterbox: only landscape frames have them. */
export function letterboxHeight(
  { width, height }: { width: number; height: number },
  letterbox: number,
): number {
  return width > height ? 2 * Math.round((height * letterbox) / 2) : 0;
}
