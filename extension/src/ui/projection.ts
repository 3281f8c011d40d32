/** Natural Earth projection (Šavrič, Jenny, Patterson, Petrovič, Hurni 2011), used at build time and for the dot. */

export const MAP_WIDTH = 360;
export const MAP_HEIGHT = 165;
const SCALE = MAP_WIDTH / (2 * Math.PI * 0.8707);
const TOP = 83.6;

/** Degrees to the map's own units, x rightwards and y downwards, one decimal. */
export function project(longitude: number, latitude: number): [x: number, y: number] {
  const [x, y] = raw(longitude, latitude);
  const [, top] = raw(0, TOP);
  return [round(MAP_WIDTH / 2 + x), round(y - top)];
}

function raw(longitude: number, latitude: number): [number, number] {
  const l = (longitude * Math.PI) / 180;
  const p = (latitude * Math.PI) / 180;
  const p2 = p * p;
  const p4 = p2 * p2;
  return [
    SCALE * l * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4))),
    -SCALE * p * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4))),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
