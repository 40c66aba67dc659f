/** Days as people pick them, and the moments with which they begin and end, in the browser's time zone. */

/** A moment of the address as a date; what cannot be read is left to the server to refuse. */
export const momentIn = (text: string | undefined): Date | undefined =>
  text && !Number.isNaN(Date.parse(text)) ? new Date(text) : undefined;

/** For Strapi's DatePicker, which shows the UTC day of what it is given but answers local midnights. */
export const shownDay = (at: Date) =>
  new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()));

/** Its last millisecond; not 24 hours after its start, for a day may have 23 or 25. */
export const endOfDay = (at: Date) =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1, 0, 0, 0, -1);

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** "2026-06-01" for Strapi's DatePicker, which shows the UTC day of what it is given. */
export function pickedDay(day: string): Date | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
}

/** The local day that Strapi's DatePicker answers, as "2026-06-01"; empty for none. */
export function dayText(date: Date | undefined): string {
  return date
    ? `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
    : '';
}

/** "09:30" from what Strapi's TimePicker answers: some languages write a full stop, and 24 for midnight. */
export function clockTime(typed: string | undefined): string {
  const [hour = '', minute = ''] = (typed ?? '').split(/\D+/);
  return hour === '' ? '' : `${twoDigits(Number(hour) % 24)}:${twoDigits(Number(minute))}`;
}
