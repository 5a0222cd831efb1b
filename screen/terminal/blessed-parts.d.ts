// The modules of Blessed that are imported one by one: importing all widgets takes twice as long.
declare module 'blessed/lib/program.js' {
  import { program } from 'blessed';
  export default program;
}

declare module 'blessed/lib/widgets/box.js' {
  import { box } from 'blessed';
  export default box;
}

declare module 'blessed/lib/widgets/screen.js' {
  import { screen } from 'blessed';
  export default screen;
}
