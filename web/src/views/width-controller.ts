// Keeps an element's `width` the pixels that it has for its picture.

/** What a component must have; Lit's elements do. */
interface Host extends Element {
  width: number;
  addController(controller: { hostConnected(): void; hostUpdated(): void; hostDisconnected(): void }): void;
}

/** A reactive controller: the host's `width` follows its box. */
export class WidthController {
  private readonly observer = new ResizeObserver(
    entries => (this.host.width = Math.floor(entries[0]!.contentRect.width)),
  );

  constructor(private readonly host: Host) {
    host.width = 0;
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
  }

  /** The first picture does not wait for the observer: it is there when its place is. */
  hostUpdated(): void {
    if (!this.host.width) this.host.width = Math.floor(this.host.clientWidth);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
  }
}
