import { eventDataSchemas, topicDefinitions, topics } from './index.ts';

describe('topics', () => {
  it('give every topic one writer, one schema and one name in code', () => {
    const declared = Object.keys(topicDefinitions).sort();
    expect(Object.keys(eventDataSchemas).sort()).toEqual(declared);
    expect(Object.values(topics).slice().sort()).toEqual(declared);
  });

  it('are past-tense, versioned names', () => {
    for (const topic of Object.keys(topicDefinitions)) expect(topic).toMatch(/^[a-z]+(\.[a-z]+)+\.v\d+$/);
  });
});
