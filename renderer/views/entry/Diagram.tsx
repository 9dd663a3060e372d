interface DiagramProps {
  /** Compass bearing of the way out, degrees, north up. */
  readonly bearing: number;
  /** Bearings of the ways not taken. */
  readonly others: readonly number[];
  readonly on?: boolean;
}

const CENTRE = { x: 56, y: 47.5 };
const ARROW = 35.2;
const STUB = 25.3;
const HEAD = 7;

/** A road book's ball and arrow: where one comes from, where one goes, and the ways one leaves aside. */
export function Diagram({ bearing, others, on = false }: DiagramProps) {
  const end = away(bearing, ARROW);
  const tip = away(bearing, ARROW + HEAD);
  const left = away(bearing, ARROW, -HEAD + 2);
  const right = away(bearing, ARROW, HEAD - 2);
  return (
    <svg width="112" height="88" aria-hidden="true" className={on ? 'diagram on' : 'diagram'}>
      {others.map((other) => {
        const to = away(other, STUB);
        return <path key={other} className="diagram-other" d={`M${CENTRE.x} ${CENTRE.y}L${to.x} ${to.y}`} />;
      })}
      <path className="diagram-way" d={`M${CENTRE.x} 76V${CENTRE.y}L${end.x} ${end.y}`} />
      <polygon
        className="diagram-head"
        points={[tip, left, right].map(({ x, y }) => `${x},${y}`).join(' ')}
      />
      <circle className="diagram-head" cx={CENTRE.x} cy="77" r="4" />
    </svg>
  );
}

/** A point so far from the centre on a bearing, and so far to its right. */
function away(bearing: number, distance: number, aside = 0): { x: number; y: number } {
  const angle = (bearing * Math.PI) / 180;
  const x = CENTRE.x + distance * Math.sin(angle) + aside * Math.cos(angle);
  const y = CENTRE.y - distance * Math.cos(angle) + aside * Math.sin(angle);
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
}
