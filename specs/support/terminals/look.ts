// The look of a dashboard in a spec: the dark theme and all characters, until the spec changes them.
import { Appearance } from '../../../screen/paint/appearance.js';
import { Characters } from '../../../screen/paint/characters.js';

export function createLook(): { readonly appearance: Appearance; readonly characters: Characters } {
  const appearance = new Appearance('dark', 'dark');
  return { appearance, characters: new Characters(undefined, true, appearance) };
}
