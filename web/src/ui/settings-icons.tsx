// The icons of the account and administration pages.
import { Icon } from './icons';

export const PersonIcon = () => (
  <Icon>
    <circle cx="10" cy="6.8" r="3.3" />
    <path d="M3.5 17c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="7.5" cy="7" r="2.8" />
    <path d="M2 16c.5-3 2.7-4.5 5.5-4.500S12.5 13 13 16M12.8 4.500a2.7 2.7 0 0 1 0 5M15 11.900c1.7.6 2.7 2 3 4.1" />
  </Icon>
);

export const TokenIcon = () => (
  <Icon>
    <rect x="2.5" y="4" width="15" height="12" rx="1.8" />
    <path d="m6 8 2.2 2L6 12M10.5 12.500H14" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 5.800V10l2.8 1.8" />
  </Icon>
);

export const BoxIcon = () => (
  <Icon>
    <path d="M3 6.5 10 3l7 3.500v7L10 17l-7-3.500ZM3 6.500l7 3.5 7-3.500M10 10v7" />
  </Icon>
);

export const PhoneIcon = () => (
  <Icon>
    <rect x="5.5" y="2" width="9" height="16" rx="1.8" />
    <path d="M9 15.500h2" />
  </Icon>
);

export const TabletIcon = () => (
  <Icon>
    <rect x="3.5" y="2.5" width="13" height="15" rx="1.8" />
    <path d="M9 15h2" />
  </Icon>
);

export const LaptopIcon = () => (
  <Icon>
    <rect x="3.5" y="4" width="13" height="9" rx="1.5" />
    <path d="M1.8 16h16.4" />
  </Icon>
);

export const PencilIcon = () => (
  <Icon>
    <path d="M3.5 16.5 4.4 13l8.8-8.800a1.8 1.8 0 0 1 2.6 2.600L7 15.600Z" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="7" y="7" width="10" height="10" rx="1.6" />
    <path d="M4.5 13H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v.500" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3v9.500M6 8.800l4 4 4-4M3.5 16.500h13" />
  </Icon>
);

export const PrinterIcon = () => (
  <Icon>
    <path d="M6 7V3h8v4M6 14H4a1.5 1.5 0 0 1-1.5-1.500v-4A1.5 1.5 0 0 1 4 7h12a1.5 1.5 0 0 1 1.5 1.500v4A1.5 1.5 0 0 1 16 14h-2" />
    <path d="M6 12h8v5H6Z" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="8.8" cy="8.8" r="5.3" />
    <path d="m12.8 12.8 4.2 4.2" />
  </Icon>
);

/** In through the door. */
export const EntryIcon = () => (
  <Icon>
    <path d="M12 3h3.500A1.5 1.5 0 0 1 17 4.500v11A1.5 1.5 0 0 1 15.5 17H12M3 10h9M8.5 6.5 12 10l-3.5 3.5" />
  </Icon>
);

/** Out through it. */
export const DoorIcon = () => (
  <Icon>
    <path d="M8 3H4.500A1.5 1.5 0 0 0 3 4.500v11A1.5 1.5 0 0 0 4.5 17H8M8.5 10H17M13.5 6.5 17 10l-3.5 3.5" />
  </Icon>
);

/** No way through. */
export const BarrierIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="m4.8 4.8 10.4 10.4" />
  </Icon>
);

/** Where things are written down. */
export const BookIcon = () => (
  <Icon>
    <path d="M4 4.500A1.5 1.5 0 0 1 5.5 3H16v14H5.500A1.5 1.5 0 0 1 4 15.500ZM4 15.500A1.5 1.5 0 0 1 5.5 14H16M7.5 6.500h5M7.5 9.500h3.500" />
  </Icon>
);

/** Work on the server itself. */
export const ToolsIcon = () => (
  <Icon>
    <path d="M12.6 3.200a4 4 0 0 0-3.400 5.700L3.300 14.800a1.3 1.3 0 0 0 1.900 1.900l5.900-5.900a4 4 0 0 0 5.600-4.500l-2.500 2.500-2.300-.7-.7-2.300 2.500-2.400c-.4-.1-.7-.2-1.100-.2Z" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="m5.5 8 4.500 4.500L14.500 8" />
  </Icon>
);

/** Two ways behind one gate. */
export const GateIcon = () => (
  <Icon>
    <path d="M2.500 10h4.500M7 10c3 0 3-5 6-5h4M7 10c3 0 3 5 6 5h4M15 3l2 2-2 2M15 13l2 2-2 2" />
  </Icon>
);

/** Two who speak with each other. */
export const RoomIcon = () => (
  <Icon>
    <path d="M3 4.500h9v6H7l-2.500 2.300V10.500H3ZM14.500 8H17v6h-1.500v2.300L13 14H8.500" />
  </Icon>
);
