// The test whether a text shows anything on a screen. It does not remove unsafe characters: `sanitise` does.

/**
 * A character that shows something without another character before it: no blank, no ignorable (invisible) character, no
 * combining mark, and none of the blank characters that Unicode classes as symbols: the empty Braille pattern (U+2800)
 * and the null note head (U+1D159).
 */
const SHOWN = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}\u2800\u{1d159}]/u;

/** Whether a reader sees anything of `text`. False for an empty text. */
export function isVisible(text: string): boolean {
  return SHOWN.test(text);
}
