// On a narrow screen the navigation scrolls sideways: the page where one is stands in its middle.
const here = document.querySelector(".nav [aria-current]");
const list = here?.closest("ul");
if (list) list.scrollLeft += here.getBoundingClientRect().left - (list.clientWidth - here.offsetWidth) / 2;
