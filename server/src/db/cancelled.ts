/** Whether PostgreSQL gave a statement up, as a time limit makes it do (SQLSTATE 57014, query_canceled). */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}
