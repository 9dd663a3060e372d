/** The mark: a stop, a stem and an arrow, as in a road book. */
export function Logo({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#17553f" />
      <path
        d="M11 23.5V14.5a4 4 0 0 1 4-4h6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      <path
        d="M19 6.25 24.5 10.5 19 14.75Z"
        fill="#fff"
        stroke="#fff"
        strokeWidth="1"
        strokeLinejoin="round"
      />
      <circle cx="11" cy="24" r="3.25" fill="#fff" />
      <path d="M11 8.5V5.5" stroke="#fff" strokeOpacity=".45" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  );
}
