// The elements of an asynchronous sequence as an array.

export async function allOf<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of sequence) all.push(one);
  return all;
}
