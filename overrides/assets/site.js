// What every page loads: the frame, links to copy, and the tools of tables and claims. Every page stands without it.

import { placeAnnouncer } from "./site/announcer.js"
import { setUpChip } from "./site/chip.js"
import { setUpDrawer } from "./site/drawer.js"
import { nameIndexFiles, setUpCopyButtons } from "./site/links.js"
import { setUpPalette } from "./site/palette.js"
import { setUpShortcuts } from "./site/shortcuts.js"
import { setUpState } from "./site/state.js"
import { setUpTarget } from "./site/target.js"
import { setUpCellDialog } from "./tables/cell_dialog.js"
import { setUpClaims } from "./tables/claims.js"
import { setUpMatrices } from "./tables/matrix.js"
import { setUpPair } from "./tables/pair.js"

setUpDrawer()
setUpPalette()
setUpShortcuts()
placeAnnouncer(document.body)
setUpState()
setUpChip()
nameIndexFiles()
setUpCopyButtons()
setUpTarget()
setUpCellDialog()
setUpMatrices()
setUpPair()
setUpClaims()
