/** An event as CloudEvents 1.0.2 in structured mode: the attributes of the specification around the default body's data. */
import { PLUGIN_ID } from '../../contract/names';
import type { BodyFormat, FormatInput, Tree } from './formats';
import { standardTree } from './standard';

export const cloudevents: BodyFormat = {
  tree: cloudeventsTree,
  // By the media type of the JSON format (CloudEvents JSON Format 1.0.2, 3) a receiver knows a CloudEvent.
  contentType: { json: 'application/cloudevents+json' },
  needsBackground: false,
  needsWorkflowState: false,
};

/** An attribute without a value is left out: the specification knows no null (1.0.2, "Context Attributes"). */
function cloudeventsTree(input: FormatInput): Tree {
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
}

/**
 * The source as a URI reference: this plugin, and the content type if there is one. Source and `id` together identify an
 * event; our ids are unique alone.
 */
const sourceOf = (uid: string | null) =>
  uid === null ? `/${PLUGIN_ID}` : `/${PLUGIN_ID}/${encodeURI(uid)}`;
