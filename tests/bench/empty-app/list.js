// A virtual list with nothing in it: 100,000 rows of one number each, drawn by hand. Nothing that shows rows while
// they scroll past can be cheaper.
const list = document.getElementById('list');
const ROWS = 100_000;
const HEIGHT = 32;
const space = document.createElement('div');
space.style.height = `${ROWS * HEIGHT}px`;
list.append(space);
const pool = [];
function draw() {
  const first = Math.floor(list.scrollTop / HEIGHT);
  const visible = Math.ceil(list.clientHeight / HEIGHT) + 1;
  while (pool.length < visible) {
    const row = document.createElement('div');
    row.className = 'row';
    list.append(row);
    pool.push(row);
  }
  for (let index = 0; index < pool.length; index += 1) {
    pool[index].style.transform = `translateY(${(first + index) * HEIGHT}px)`;
    pool[index].style.top = 0;
    pool[index].dataset.id = String(first + index);
    pool[index].textContent = String(first + index);
  }
}
list.addEventListener('scroll', draw);
draw();
