// What the tests put into the window of a page.
interface Window {
  axe: any;
  taps: number;
  measured: any;
  emptySince: number;
  isPressed: boolean;
  asked: string[];
  installs: (name: string) => void;
}
