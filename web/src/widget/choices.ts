// What a widget may be told to show, and how.

/** Which picture stands beside the program. */
export const views = ['timeline', 'memory', 'verdicts', 'allocations', 'none'] as const;
export type WidgetView = (typeof views)[number];

/** The longest program a frame takes. */
export const mostText = 1 << 18;
