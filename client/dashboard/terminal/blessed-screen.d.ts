// What the types of blessed leave out of its screen.
import 'blessed';

declare module 'blessed' {
  namespace Widgets {
    interface Screen {
      /** Takes the alternate screen. */
      enter(): void;
      /** Gives the terminal its own screen back. */
      leave(): void;
    }
  }
}
