"use strict"
/* The week as a grid of quarter-hours: an enhancement of the boxes and selects of its page, which stay what is sent.
   Arrows move, Space chooses, Shift and an arrow goes on choosing; what was chosen is read out as a stretch. */

const form = document.querySelector("form[data-week]")
const room = form.querySelector("[data-quarters]")
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
const PARTS = { morning: [24, 48], noon: [48, 56], afternoon: [56, 72], evening: [72, 88] }
const A_DAY = 96
const free = Array.from({ length: 7 * A_DAY }, () => false)
const cells = []
let at = 24 /* the quarter-hour that has the focus */
let paints = null /* what a drag does */

const clock = quarter => `${String(quarter >> 2).padStart(2, "0")}:${String(quarter % 4 * 15).padStart(2, "0")}`
const dayOf = place => Math.floor(place / A_DAY)

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/* Reading the form, and writing it back */

function read() {
  for (const box of form.querySelectorAll("[name=parts]")) fillPart(box, box.checked || undefined)
  for (const row of room.querySelectorAll("[data-stretch]")) {
    const [day, begins, ends] = [...row.querySelectorAll("select")].map(each => each.value)
    if (day === "" || begins === "" || ends === "") continue
    const length = ((ends - begins + 1440) % 1440 || 1440) / 15
    for (let step = 0; step < length; step++) free[(day * A_DAY + begins / 15 + step) % free.length] = true
  }
}

function fillPart(box, value) {
  if (value === undefined) return
  const [day, part] = box.value.split("-")
  for (let quarter = PARTS[part][0]; quarter < PARTS[part][1]; quarter++) free[day * A_DAY + quarter] = value
}

function stretches(rest) {
  const found = []
  for (let place = 0; place < rest.length; place++) {
    if (!rest[place]) continue
    const start = place
    while (rest[place + 1] && dayOf(place + 1) === dayOf(start)) place++
    found.push([dayOf(start), (start % A_DAY) * 15, ((place % A_DAY) + 1) * 15])
  }
  return found
}

function write() {
  const rest = [...free]
  for (const box of form.querySelectorAll("[name=parts]")) {
    const [day, part] = box.value.split("-")
    const [from, to] = PARTS[part].map(quarter => day * A_DAY + quarter)
    box.checked = free.slice(from, to).every(Boolean)
    if (box.checked) rest.fill(false, from, to)
  }
  hidden.replaceChildren(...stretches(rest).flatMap((stretch, number) =>
    ["day", "begins", "ends"].map((name, part) => element("input", { type: "hidden", name: `hours-${number}-${name}`, value: stretch[part] }))))
}

/* The grid */

function draw() {
  const head = element("tr", { role: "row" }, element("td"), ...DAYS.map(day => element("th", { role: "columnheader", scope: "col", "aria-label": day }, day.slice(0, 2))))
  const body = element("tbody", { role: "rowgroup" })
  for (let quarter = 0; quarter < A_DAY; quarter++) {
    const row = element("tr", { role: "row", ...(quarter % 4 ? {} : { class: "hour" }) }, element("th", { role: "rowheader", scope: "row" }, element("span", quarter % 4 ? { class: "unseen" } : {}, clock(quarter))))
    for (let day = 0; day < 7; day++) {
      const place = day * A_DAY + quarter
      cells[place] = element("td", { role: "gridcell", tabindex: "-1", "data-place": place })
      row.append(cells[place])
    }
    body.append(row)
  }
  grid.append(element("thead", { role: "rowgroup" }, head), body)
}

function show() {
  for (const [place, cell] of cells.entries()) {
    const from = clock(place % A_DAY), to = clock(place % A_DAY + 1)
    cell.setAttribute("aria-selected", free[place])
    cell.setAttribute("aria-label", `${DAYS[dayOf(place)]} ${from} to ${to}, ${free[place] ? "free" : "not free"}`)
  }
}

function choose(place, value) {
  free[place] = value
  write()
  show()
  let from = place, to = place
  while (from > dayOf(place) * A_DAY && free[from - 1] === value) from--
  while (to + 1 < (dayOf(place) + 1) * A_DAY && free[to + 1] === value) to++
  said.textContent = `${DAYS[dayOf(place)]} ${clock(from % A_DAY)} to ${clock(to % A_DAY + 1)}, ${value ? "free" : "not free"}`
}

function focus(place) {
  cells[at].tabIndex = -1
  at = place
  cells[at].tabIndex = 0
  cells[at].focus()
}

const MOVES = {
  ArrowUp: place => place % A_DAY ? place - 1 : place,
  ArrowDown: place => place % A_DAY < A_DAY - 1 ? place + 1 : place,
  ArrowLeft: place => place >= A_DAY ? place - A_DAY : place,
  ArrowRight: place => place < 6 * A_DAY ? place + A_DAY : place,
  Home: place => place % A_DAY,
  End: place => 6 * A_DAY + place % A_DAY,
  PageUp: place => Math.max(place - 16, dayOf(place) * A_DAY),
  PageDown: place => Math.min(place + 16, dayOf(place) * A_DAY + A_DAY - 1),
}

function pressed(event) {
  if (event.key === " " || event.key === "Enter") choose(at, !free[at])
  else if (MOVES[event.key]) {
    const value = free[at], to = MOVES[event.key](at)
    if (event.shiftKey && event.key.startsWith("Arrow")) choose(to, value)
    focus(to)
  } else return
  event.preventDefault()
}

function placeOf(event) {
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-place]")
  return cell && grid.contains(cell) ? Number(cell.dataset.place) : null
}

const grid = element("table", { role: "grid", "aria-label": "The week in quarter-hours. Arrows move, Space chooses, Shift and an arrow goes on choosing.", "aria-multiselectable": "true" })
const box = element("div", { class: "quarters" }, grid)
const said = element("p", { role: "status", class: "hint" })
const hidden = element("div", { hidden: "" })

read()
for (const old of room.querySelectorAll("[data-stretch], [data-add], .hint")) old.remove()
draw()
cells[at].tabIndex = 0
room.append(element("p", { class: "hint" }, "Tap or drag over the quarter-hours in which you could talk."), said, box, hidden)
write()
show()

grid.addEventListener("keydown", pressed)
/* A mouse paints while it is held; a finger taps, and scrolls when it moves. */
grid.addEventListener("pointerdown", event => {
  const place = event.pointerType === "mouse" ? placeOf(event) : null
  if (place === null) return
  event.preventDefault()
  paints = !free[place]
  focus(place)
  choose(place, paints)
})
grid.addEventListener("click", event => {
  const place = event.pointerType === "mouse" ? null : placeOf(event)
  if (place === null) return
  focus(place)
  choose(place, !free[place])
})
grid.addEventListener("pointermove", event => {
  const place = paints === null || !event.buttons ? null : placeOf(event)
  if (place !== null && free[place] !== paints) choose(place, paints)
})
addEventListener("pointerup", () => { paints = null })
form.addEventListener("change", event => {
  if (event.target.name === "parts") { fillPart(event.target, event.target.checked); write(); show() }
})
const bring = () => { box.scrollTop = cells[at].offsetTop - 3 * cells[at].offsetHeight }
room.addEventListener("toggle", bring)
bring()
