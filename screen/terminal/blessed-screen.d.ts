// Methods of Blessed's screen that the types of Blessed omit.
import 'blessed';

declare module 'blessed' {
  namespace Widgets {
    interface Screen {
      /** Enters the alternate screen. */
      enter(): void;
      /** Returns to the terminal's own screen. */
      leave(): void;
    }
  }
}
