import './tag.css';
import type { ReactNode } from 'react';

interface TagProps {
  /** accent: something good that was chosen; signal: needs a person, and nothing else. */
  readonly tone?: 'plain' | 'accent' | 'signal';
  readonly children: ReactNode;
}

export function Tag({ tone = 'plain', children }: TagProps) {
  const className = tone === 'accent' ? 'tag a' : tone === 'signal' ? 'tag w' : 'tag';
  return <span className={className}>{children}</span>;
}
