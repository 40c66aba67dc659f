/** An event as CloudEvents 1.0.2 in structured mode: the attributes of the specification around the default body's data. */
import { PLUGIN_ID } from '../../contract/names';
import type { FormatInput, Tree } from './format-input';
import { standardTree } from './standard';

/** The media type of the JSON format (CloudEvents JSON Format 1.0.2, 3). */
export const CLOUDEVENTS_MEDIA_TYPE = 'application/cloudevents+json';

/**
 * What it is about, as a URI reference: this plugin, and the content type where there is one. With `id` it tells events
 * apart; ours are unique without it.
 */
const sourceOf = (uid: string | null) =>
  uid === null ? `/${PLUGIN_ID}` : `/${PLUGIN_ID}/${encodeURI(uid)}`;

/** An attribute without a value is left out: null is none that the specification knows (1.0.2, "Context Attributes"). */
export const cloudeventsTree = (input: FormatInput): Tree => {
  const { id, name, time, uid, documentId } = input.event;
  return {
    specversion: '1.0',
    id,
    source: sourceOf(uid),
    type: name,
    ...(documentId === null ? {} : { subject: documentId }),
    time,
    datacontenttype: 'application/json',
    data: standardTree(input).data,
  };
};
