// What we use of the eSpeak NG build, which comes without types.
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakEvent {
    type: string;
    /** In characters from 1 on. */
    text_position: number;
    /** Milliseconds. */
    audio_position: number;
    /** Of a phoneme: how it is written; empty = a pause. */
    id: string | number | undefined;
  }

  interface EspeakWorker {
    readonly samplerate: number;
    /** 0 = done. */
    set_voice(name: string): number;
    set_rate(wordsPerMinute: number): void;
    synthesize(text: string, onChunk: (samples: Int16Array, events: EspeakEvent[]) => void): void;
  }

  export default function loadEspeak(options: {
    getPreloadedPackage: () => ArrayBuffer;
  }): Promise<{ eSpeakNGWorker: new () => EspeakWorker }>;
}
