export async function chat(_: unknown): Promise<number> {
  return 1;
}
