// Round places on an axis.

/** Round numbers in [begin, end], about `wanted` of them: 1, 2 or 5 times a power of ten. */
export function decimalTicks(begin: number, end: number, wanted: number): number[] {
  const rough = (end - begin) / Math.max(1, wanted);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map(m => m * power).find(s => s >= rough)!,
  );
  const ticks: number[] = [];
  for (let t = Math.ceil(begin / step) * step; t <= end; t += step) ticks.push(t);
  return ticks;
}

/** A round size in bytes at or above `n`: the top of a lane. Powers of two below 1 KiB, then 1, 1.5, 2, 3, … */
export function roundBytes(n: number): number {
  let size = 64;
  while (size < n) size *= 2;
  const three = (size / 4) * 3;
  return n > 1024 && three >= n ? three : size;
}
