// The sample scene as a Remotion composition: our own few lines, bundled by Remotion in a folder for the time of a bench.
import { createElement } from 'react';
import { Composition, Img, registerRoot, staticFile, useCurrentFrame } from 'remotion';

function Scene({ layers, words, frames, css }) {
  const { transforms, spoken } = frames[useCurrentFrame()];
  const images = layers.map(({ file, width, height }, i) =>
    createElement(Img, {
      key: file,
      className: 'layer',
      src: staticFile(file),
      style: { width, height, maxWidth: 'none', transform: transforms[i] },
    }),
  );
  const caption = words.flatMap((text, i) => [
    createElement('span', { key: i, className: i === spoken ? 'spoken' : '' }, text),
    ' ',
  ]);
  return createElement(
    'div',
    null,
    createElement('style', null, css),
    ...images,
    createElement('p', null, caption),
  );
}

function calculateMetadata({ props: { width, height, fps, frames } }) {
  return { width, height, fps, durationInFrames: frames.length };
}

registerRoot(() =>
  createElement(Composition, { id: 'scene', component: Scene, calculateMetadata, defaultProps: {} }),
);
