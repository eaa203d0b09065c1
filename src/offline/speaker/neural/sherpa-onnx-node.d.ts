// What we use of the neural speech library, which comes without types of its own.
declare module 'sherpa-onnx-node' {
  interface OfflineTtsConfig {
    model: {
      vits?: Record<string, string | number>;
      kokoro?: Record<string, string | number>;
      matcha?: Record<string, string | number>;
      numThreads: number;
      provider: 'cpu';
      debug: boolean;
    };
    maxNumSentences: number;
    silenceScale: number;
  }

  class OfflineTts {
    /** A model that it does not take ends the whole process. */
    constructor(config: OfflineTtsConfig);
    readonly numSpeakers: number;
    readonly sampleRate: number;
    generate(request: { text: string; sid: number; speed: number; enableExternalBuffer: false }): {
      samples: Float32Array;
      sampleRate: number;
    };
  }

  const sherpa: { OfflineTts: typeof OfflineTts };
  export default sherpa;
}
