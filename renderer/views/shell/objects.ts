import {
  Building2,
  Calendar,
  CircleDollarSign,
  FileText,
  Inbox,
  type LucideIcon,
  Package,
  Sprout,
  Users,
  UsersRound,
} from 'lucide-react';
import type { CollectionName } from '../../../shared/model/index.ts';

/** The icon of each object, the same wherever it appears. */
export const objectIcons: Record<CollectionName, LucideIcon> = {
  accounts: Building2,
  contacts: UsersRound,
  leads: Sprout,
  deals: CircleDollarSign,
  activities: Calendar,
  products: Package,
  inbox: Inbox,
  directory: Users,
  definitions: FileText,
};
