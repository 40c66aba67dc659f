/** Lets a tally see what passes through a stream of the transfer engine, and changes nothing of it. */
import { pipeline, Transform, type Readable, type Writable } from 'node:stream';
import type { Entity, Tally } from './tally';

/** What is written to it is counted. */
export const tapWritable = <T extends Writable>(stream: T, tally: Pick<Tally, 'addEntity'>): T => {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((...args: unknown[]) => {
    tally.addEntity(args[0] as Entity);
    return write(...args);
  }) as T['write'];
  return stream;
};

type Writing = { createEntitiesWriteStream?(): Writable | Promise<Writable> };

/** What a provider is given to write is counted. */
export const tapProvider = (provider: object, tally: Pick<Tally, 'addEntity'>): void => {
  const one = provider as Writing;
  const create = one.createEntitiesWriteStream?.bind(one);
  if (create) one.createEntitiesWriteStream = async () => tapWritable(await create(), tally);
};

/** The same stream, with somebody who counts at its end. */
export const tapReadable = (stream: Readable, tally: Pick<Tally, 'addEntity'>): Readable => {
  const counter = new Transform({
    objectMode: true,
    transform(entity: Entity, _encoding, done) {
      tally.addEntity(entity);
      done(null, entity);
    },
  });
  // A failure of the one destroys the other with its error, which whoever reads it hears.
  return pipeline(stream, counter, () => undefined);
};
