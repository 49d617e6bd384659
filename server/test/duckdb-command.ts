import { DuckDBInstance } from '@duckdb/node-api'

/** `duckdb -c "select …"`, for machines without that command: prints the rows as JSON. */
const [, , option, statement = ''] = process.argv
if (option !== '-c') throw new Error('Only -c is known.')
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const reader = await connection.runAndReadAll(statement)
console.log(JSON.stringify(reader.getRowsJson()))
