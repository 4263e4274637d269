import { LookerNodeSDK } from '@looker/sdk-node'
import type { IBoard, IFolder } from '@looker/sdk'
import { Space, ISpace } from './geometry'

/* const spaces = await sdk.ok(sdk.all_spaces()) */
const sdk = LookerNodeSDK.init40()
const apostrophe = /don't \/api\/3.1\/spaces/
export const folders = async (): Promise<IFolder[]> => await sdk.ok(sdk.all_folders({ fields: 'id,name' }))
export const area = (space: Space, look: { space_id: number }) => space.space_id * look.space_id
export const typed = (space: ISpace) => space.space_id
const look = await sdk.ok(sdk.look('5'))
console.log(look.folder_id, `space ${look.folder?.name} space_id`)
const board: Partial<IBoard> = { title: 'space_id', section_order: ['1'] }
const found = await sdk.ok(sdk.search_looks({ folder_id: '7', limit: 5 }))
found.map((found) => found.folder_id)
export default { space_id: 5, homepage: board, found }
