/** A time zone by its IANA name, found by typing a part of it. */
import * as React from 'react';
import { Combobox, ComboboxOption } from '@strapi/design-system';
import { useText } from '../../translations/use-text';
import { ownZone, zoneName, zonesWith } from './zoned';

type Props = {
  value: string;
  isDisabled: boolean;
  hasError: boolean;
  onChange: (zone: string) => void;
};

export const ZonePicker = ({ value, isDisabled, hasError, onChange }: Props) => {
  const text = useText();
  const zones = React.useMemo(() => zonesWith(ownZone(), value), [value]);
  return (
    <Combobox
      value={value}
      // Strapi finds no text for a value far down a long list.
      defaultTextValue={zoneName(value)}
      disabled={isDisabled}
      hasError={hasError}
      autocomplete={{ type: 'list', filter: 'contains' }}
      noOptionsMessage={() => text('schedule.noZone')}
      onChange={(zone) => zone && onChange(zone)}
    >
      {zones.map((zone) => (
        <ComboboxOption key={zone} value={zone}>
          {zoneName(zone)}
        </ComboboxOption>
      ))}
    </Combobox>
  );
};
