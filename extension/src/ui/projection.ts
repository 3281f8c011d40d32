/** Natural Earth projection (Šavrič, Jenny, Patterson, Petrovič, Hurni 2011), used at build time and for the dot. */

export const MAP_WIDTH = 360;
export const MAP_HEIGHT = 152;
/** Map units for one radian, so that the equator fills the width. */
export const MAP_SCALE = MAP_WIDTH / (2 * Math.PI * 0.8707);
/** Where 0° N 0° E stands: far enough down for the north of Greenland. Below 57° S there is nothing to show. */
export const MAP_CENTRE: readonly [x: number, y: number] = [MAP_WIDTH / 2, 90];

/** Degrees to the map's own units, x rightwards and y downwards, one decimal. */
export function project(longitude: number, latitude: number): [x: number, y: number] {
  const l = (longitude * Math.PI) / 180;
  const p = (latitude * Math.PI) / 180;
  const p2 = p * p;
  const p4 = p2 * p2;
  const x = l * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)));
  const y = p * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)));
  return [round(MAP_CENTRE[0] + MAP_SCALE * x), round(MAP_CENTRE[1] - MAP_SCALE * y)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
