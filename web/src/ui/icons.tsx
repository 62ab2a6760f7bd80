// Line icons on a 20-unit grid, drawn in the colour of the text around them.
import type { ReactNode } from 'react';

export function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const EyeIcon = () => (
  <Icon>
    <path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10Z" />
    <circle cx="10" cy="10" r="2.4" />
  </Icon>
);

export const EyeOffIcon = () => (
  <Icon>
    <path d="M8 4.8A8 8 0 0 1 10 4.5c5 0 8 5.5 8 5.5a14 14 0 0 1-2.3 2.9M12.5 15a8 8 0 0 1-2.5.5c-5 0-8-5.5-8-5.5a14 14 0 0 1 3.4-3.8M3 3l14 14" />
  </Icon>
);

export const GlobeIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M2.5 10h15M10 2.5c2.3 2.2 3.3 4.7 3.3 7.5s-1 5.3-3.3 7.5c-2.3-2.2-3.3-4.7-3.3-7.5s1-5.3 3.3-7.5Z" />
  </Icon>
);

export const SystemIcon = () => (
  <Icon>
    <rect x="2.5" y="3.5" width="15" height="10.5" rx="1.5" />
    <path d="M7 17h6M10 14v3" />
  </Icon>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M16.8 12.2A7 7 0 0 1 7.8 3.2a7 7 0 1 0 9 9Z" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.7 3.7 7.3-8" />
  </Icon>
);

export const AlertIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 6v4.7M10 13.8v.01" />
  </Icon>
);

export const InfoIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 9.3V14M10 6.2v.01" />
  </Icon>
);

export const MailIcon = () => (
  <Icon>
    <rect x="2.5" y="4" width="15" height="12" rx="1.8" />
    <path d="m3 5.5 7 5.5 7-5.5" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M16 10H4.5M9 5l-5 5 5 5" />
  </Icon>
);

export const AnchorIcon = () => (
  <Icon>
    <circle cx="10" cy="4.5" r="2" />
    <path d="M10 6.5V17.5M6.5 9h7M3 11.5c.5 3.8 3.3 6 7 6s6.5-2.2 7-6" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const PasskeyIcon = () => (
  <Icon>
    <circle cx="7.5" cy="6.5" r="3.5" />
    <path d="M2 16.500c.4-3 2.5-4.7 5.5-4.7 1 0 1.9.2 2.7.5" />
    <circle cx="14.8" cy="10.3" r="2.3" />
    <path d="M14.8 12.600v4.900M14.8 15.300h1.9" />
  </Icon>
);

export const ShieldIcon = () => (
  <Icon>
    <path d="M10 2.5 16.5 5v4.500c0 3.8-2.5 6.6-6.5 8-4-1.4-6.5-4.2-6.5-8V5L10 2.500Z" />
    <path d="m7.2 10 2 2 3.6-4" />
  </Icon>
);

export const KeyIcon = () => (
  <Icon>
    <circle cx="6.5" cy="13.5" r="3.5" />
    <path d="m9 11 7.5-7.500M13.5 6.5 16 9M11.5 8.500l1.5 1.5" />
  </Icon>
);
