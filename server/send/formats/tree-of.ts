/** Which format a webhook's body has. A new format takes its seat here, and the compiler asks for it. */
import type { Format } from '../../contract/webhook';
import { cloudeventsTree } from './cloudevents';
import type { FormatInput, Tree } from './format-input';
import { sitecoreTree } from './sitecore/sitecore';
import { standardTree } from './standard';
import { strapiTree } from './strapi';
import { veeTree } from './vee/vee';

export const treeOf = (format: Format, input: FormatInput): Tree => {
  switch (format) {
    case 'standard':
      return standardTree(input);
    case 'strapi':
      return strapiTree(input);
    case 'sitecore':
      return sitecoreTree(input);
    case 'vee':
      return veeTree(input);
    case 'cloudevents':
      return cloudeventsTree(input);
    default:
      return format satisfies never;
  }
};

/** Whether a format speaks of the content type, the project and the account, and not only of the event. */
export const needsBackground = (format: Format) => format === 'sitecore' || format === 'vee';

/** Whether a format names the state of a document in its workflow, which has to be read when the event is stored. */
export const needsWorkflowState = (format: Format) => format === 'sitecore';
