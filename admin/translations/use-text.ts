/** The panel's strings, by keys that the compiler knows. */
import * as React from 'react';
import { useIntl, type PrimitiveType } from 'react-intl';
import { PLUGIN_ID } from '../../server/contract/names';
import en from './en.json';

export type TextKey = keyof typeof en;
export type Text = (key: TextKey, values?: Record<string, PrimitiveType>) => string;

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key);

/** For what Strapi translates by itself, as the names of settings links. */
export const textDescriptor = (key: TextKey) => ({
  id: `${PLUGIN_ID}.${key}`,
  defaultMessage: en[key],
});

/** `text('webhooks.title')` in the administrator's language, in English where that lacks it. */
export const useText = (): Text => {
  const { formatMessage } = useIntl();
  return React.useCallback(
    (key, values) => formatMessage(textDescriptor(key), values),
    [formatMessage],
  );
};
