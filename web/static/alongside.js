"use strict"
/* Small comforts; every page works without them. */

/* Leave now: the page is blank at once, then signed out, then elsewhere, and "back" leads nowhere. */

const leaving = document.querySelector("form[data-leave]")

function leave() {
  document.documentElement.hidden = true
  document.title = ""
  fetch(leaving.action, { method: "POST", body: new URLSearchParams(new FormData(leaving)), keepalive: true, redirect: "manual" })
    .catch(() => {})
    .finally(() => location.replace(leaving.dataset.leave))
}

if (leaving) {
  let shifts = []
  leaving.addEventListener("submit", event => { event.preventDefault(); leave() })
  document.addEventListener("keydown", event => {
    if (event.key !== "Shift") shifts = []
    else if (!event.repeat) shifts = [...shifts.filter(at => event.timeStamp - at < 2000), event.timeStamp]
    if (shifts.length > 2) leave()
  })
}

/* A second press, while the first is on its way, does nothing: some pages are shown only once. */

document.addEventListener("submit", event => {
  const form = event.target
  if (event.timeStamp - (form.sentAt ?? -Infinity) < 3000) event.preventDefault()
  else form.sentAt = event.timeStamp
})

addEventListener("pageshow", event => {
  if (event.persisted) for (const form of document.forms) delete form.sentAt
})

/* What went wrong is read out, and the place of the clock is guessed. */

document.getElementById("slips")?.focus()

const place = document.querySelector("select[data-guess=yes]")
const guess = Intl.DateTimeFormat().resolvedOptions().timeZone
if (place && !document.getElementById("slips") && [...place.options].some(each => each.value === guess)) place.value = guess
