import { LookerNodeSDK } from '@looker/sdk-node'
import type { IHomepage, ISpace, IWriteLookWithQuery, IRequestSearchLooks } from '@looker/sdk'

const sdk = LookerNodeSDK.init31()

// await sdk.ok(sdk.all_spaces())
export async function spaces(): Promise<ISpace[]> {
  const all = await sdk.ok(sdk.all_spaces('id,name'))
  return all.filter((s) => s.parent_id !== null)
}

export const sections = async (board: IHomepage) => board.homepage_sections?.length

export async function looks(id: string) {
  const { title, space_id: where } = await sdk.ok(sdk.look(5))
  const found = await sdk.ok(sdk.search_looks({ title, space_id: where }))
  found.forEach((look) => console.log(`${look.space_id} ${look.title}`))
  const body: Partial<IWriteLookWithQuery> = { title: 'Copy', space_id: id }
  const ask: IRequestSearchLooks = { space_id: id }
  const look = (await sdk.look(id)).value
  return [body, ask, look.space]
}

export const run = (base: string) => fetch(`${base}/api/3.1/queries/run/json`, { method: 'POST' })
