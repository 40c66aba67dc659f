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
