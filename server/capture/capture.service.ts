/** The capturing half: all that hears of changes, each given what it needs to tell of them. */
import type { Core } from '@strapi/strapi';
import { createSchemas, type Schemas } from '../strapi/model/schema.service';
import type { createActor } from '../strapi/actor.service';
import { createDocumentCapture } from './documents.service';
import { createModelWatch } from './model-watch.service';
import { createReader } from './reader.service';
import type { Recorder } from './recorder.service';
import { createRowCapture } from './rows.service';
import { createSaves } from './saves.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  recorder: Recorder;
  actor: ReturnType<typeof createActor>;
};

export const createCapture = (options: Options) => {
  const whole = createSchemas(options.strapi, { isWhole: true });
  const reader = createReader(options.strapi, whole);
  const saves = createSaves(options.strapi, reader);
  const hearing = { ...options, whole, reader, saves };
  return {
    saves,
    captureDocument: createDocumentCapture(hearing),
    captureRows: createRowCapture(hearing),
    modelWatch: createModelWatch(options),
  };
};
