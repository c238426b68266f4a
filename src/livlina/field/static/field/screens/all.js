// Every screen by the name its address has: #/visit/<id> is drawn by `visit`.
import { lead, next } from "./continuation.js";
import { deviation } from "./deviation.js";
import { door } from "./door.js";
import { dose } from "./dose.js";
import { emergency } from "./emergency.js";
import { finish } from "./finish.js";
import { note } from "./note.js";
import { opening } from "./opening.js";
import { otherwise } from "./otherwise.js";
import { settings } from "./settings.js";
import { receive, swap } from "./swap.js";
import { today } from "./today.js";
import { visit } from "./visit.js";
import { waiting } from "./waiting.js";

/** @type {Record<string, (parts: string[], with_: {draw: () => Promise<void>, how: string}) => any>} */
export const screens = { deviation, door, dose, emergency, finish, lead, next, note, opening, otherwise, receive, settings, swap, today, visit, waiting };
