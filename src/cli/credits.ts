// What licences ask to be shown with a video, as the command prints it.

/** The paragraphs of a job's description.txt between its title and its last line; empty = nothing is asked for. */
export function creditsIn(description: string): string {
  return description
    .trim()
    .split(/\n{2,}/)
    .slice(1, -1)
    .join('\n\n');
}
