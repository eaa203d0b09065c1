// The version of the media tools: part of the key of every step that they do.

/** Raise it with every change that alters what the media tools write, so that no older result is reused. */
const toolsRevision = 10;

export const mediaToolsVersion = `media-tools/${toolsRevision}`;
