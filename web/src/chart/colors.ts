/** Colours of series. A colour follows the name, so that a cluster looks the same on every chart. */

const COUNT = 8;
/** The first half is the easiest to tell apart: few series share it out. */
const FEW = 4;

/** Token names by series name: `--s1` to `--s8`; names that collide take the next free one. */
export function seriesColors(names: readonly string[]): Map<string, string> {
  const count = names.length <= FEW ? FEW : COUNT;
  const taken = new Set<number>();
  const colors = new Map<string, string>();
  for (const name of [...names].sort()) {
    let slot = hash(name) % count;
    while (taken.size < count && taken.has(slot)) slot = (slot + 1) % count;
    taken.add(slot);
    colors.set(name, `--s${slot + 1}`);
  }
  return colors;
}

/** Beyond eight series the same colours come again, dashed. */
export function isDashed(position: number): boolean {
  return position >= COUNT;
}

/** Colours of custom properties as the canvas needs them: resolved for the theme of the page. */
export function readColors<T extends string>(names: readonly T[]): Record<T, string> {
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = names.map((name) => {
    probe.style.color = `var(${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<T, string>;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}
