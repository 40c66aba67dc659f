/** Which content types lead to end users. Pure. */
import { END_USER, type Attribute, type ModelOf } from './content-model';
import { isPrivate } from './visible';

type Context = { modelOf: ModelOf; privateNames: ReadonlySet<string> };

/** Whether a document of a type can hold related end users, however deep in its components. */
export function relatesToEndUsers(uid: string, { modelOf, privateNames }: Context): boolean {
  const seen = new Set<string>();
  return reaches(uid);

  function reaches(at: string): boolean {
    const model = modelOf(at);
    if (!model || seen.has(at)) return false;
    seen.add(at);
    return Object.entries(model.attributes).some(
      ([name, attribute]) => !isPrivate({ model, name, privateNames }) && leadsThere(attribute),
    );
  }

  function leadsThere({ type, target, component, components }: Attribute): boolean {
    // A relation without a target may lead to any type.
    if (type === 'relation') return target === undefined || target === END_USER;
    if (type === 'component') return reaches(component ?? '');
    return type === 'dynamiczone' && (components ?? []).some(reaches);
  }
}
