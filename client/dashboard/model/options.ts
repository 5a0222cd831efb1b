// The options of the dashboard that /set reads and changes. Each value is kept by the part that uses it.
import type { FaceOptions, OptionChange, OptionValues } from '../../commands/arguments/options.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import type { Appearance } from '../../../screen/paint/appearance.js';
import type { Characters } from '../../../screen/paint/characters.js';
import type { Navigation } from './navigation.js';

export interface DashboardOptionsParts {
  readonly appearance: Pick<Appearance, 'choice' | 'choose'>;
  readonly characters: Pick<Characters, 'isAscii' | 'choose'>;
  readonly controls: Pick<TerminalControls, 'hasMouse' | 'toggleMouse'>;
  readonly navigation: Pick<Navigation, 'showsMembers'>;
}

export class DashboardOptions implements FaceOptions {
  readonly #parts: DashboardOptionsParts;

  constructor(parts: DashboardOptionsParts) {
    this.#parts = parts;
  }

  values(): OptionValues {
    const { appearance, characters, controls, navigation } = this.#parts;
    return {
      theme: appearance.choice,
      ascii: onOff(characters.isAscii),
      mouse: onOff(controls.hasMouse()),
      members: onOff(navigation.showsMembers),
    };
  }

  async choose(change: OptionChange): Promise<void> {
    const { appearance, characters, controls, navigation } = this.#parts;
    switch (change.name) {
      case 'theme':
        appearance.choose(change.value);
        break;
      case 'ascii':
        await characters.choose(change.value === 'on');
        break;
      case 'mouse':
        if (controls.hasMouse() !== (change.value === 'on')) controls.toggleMouse();
        break;
      case 'members':
        navigation.showsMembers = change.value === 'on';
        break;
    }
  }
}

const onOff = (isOn: boolean): 'on' | 'off' => (isOn ? 'on' : 'off');
