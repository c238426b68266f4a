// The cheat sheet's one button, and the look chosen in the app.
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
const look = localStorage.getItem("field-look");
if (look) document.documentElement.style.colorScheme = look;
