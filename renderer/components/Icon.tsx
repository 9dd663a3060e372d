import type { LucideIcon } from 'lucide-react';

interface IconProps {
  readonly of: LucideIcon;
  readonly size?: number;
  /** 2: secondary, 3: hints, current: as the text around it. */
  readonly tone?: 2 | 3 | 'current';
}

/** One stroke width at every size: 1.5 px on the screen. Decoration only: the name stands beside it or on its button. */
export function Icon({ of: Shape, size = 16, tone = 2 }: IconProps) {
  const className = tone === 2 ? 'ic' : tone === 3 ? 'ic3' : undefined;
  return (
    <Shape
      size={size}
      strokeWidth={1.5}
      absoluteStrokeWidth
      aria-hidden="true"
      {...(className === undefined ? {} : { className })}
    />
  );
}
