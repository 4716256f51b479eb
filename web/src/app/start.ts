// The playground's page shows its first screen before anything else happens: the rest is loaded once that is painted.
import './style.css';

const painted = new Promise<void>(resolve => {
  requestAnimationFrame(() => setTimeout(resolve));
  // A tab in the background is never painted.
  setTimeout(resolve, 500);
});
void painted.then(() => import('./main.js'));
