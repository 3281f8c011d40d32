/** Office's theme as ours: light or dark, its own paper where our colours stay readable on it, high contrast kept. */

export interface OfficeColours {
  readonly bodyBackgroundColor?: string;
  readonly bodyForegroundColor?: string;
}

export interface Look {
  readonly theme: "light" | "dark";
  /** More contrast is asked for: no soft inks, no pale lines. */
  readonly strong: boolean;
  /** Colours to take over; null where ours would not stand out on Office's. */
  readonly paper: string | null;
  readonly ink: string | null;
}

/** Between these our own colours would fall below 4.5:1, so our own paper is kept. Relative luminance, WCAG 2.2. */
const DARKEST_LIGHT = 0.87;
const LIGHTEST_DARK = 0.02;
const READABLE = 7;

/** Null when Office tells no colours that can be read: then the system's setting holds. */
export function lookOf(colours: OfficeColours | null | undefined): Look | null {
  const paper = parsed(colours?.bodyBackgroundColor);
  const ink = parsed(colours?.bodyForegroundColor);
  if (paper === null) return null;
  const ground = luminance(paper);
  const theme = ground < 0.3 ? "dark" : "light";
  const fits = ground >= DARKEST_LIGHT || ground <= LIGHTEST_DARK;
  const readable = ink !== null && contrast(luminance(ink), ground) >= READABLE;
  // Office's and Windows' contrast themes lie on pure black, or write pure colours on pure white.
  const strong = ink !== null && ((ground === 0 && readable) || (ground === 1 && contrast(luminance(ink), 1) === 21));
  return { theme, strong, paper: fits ? hex(paper) : null, ink: fits && readable ? hex(ink) : null };
}

/** Put a look on a page. */
export function wear(look: Look | null, root: HTMLElement): void {
  if (look === null) delete root.dataset["theme"];
  else root.dataset["theme"] = look.theme;
  root.toggleAttribute("data-strong", look?.strong === true);
  for (const [name, value] of [["--ke-paper", look?.paper], ["--ke-ink", look?.ink]] as const) {
    if (value === null || value === undefined) root.style.removeProperty(name);
    else root.style.setProperty(name, value);
  }
}

type Colour = readonly [number, number, number];

/** `#rrggbb`, with or without the sign: Outlook on Windows has sent both. */
function parsed(text: string | undefined): Colour | null {
  const found = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text?.trim() ?? "");
  if (found === null) return null;
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

function hex(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
