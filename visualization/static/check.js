// What only the browser can tell: its screen, its pictures, its power, and whether a phone has come by.
"use strict";
{
  const say = (name, good, said) => {
    const place = document.getElementById(name);
    place.className = good ? "good" : "look";
    place.querySelector(".verdict").textContent = good ? "Ready" : "Look at this";
    place.querySelector("p:last-child").textContent = said;
  };

  const drawn = (kind) => {
    try {
      return Boolean(document.createElement("canvas").getContext(kind));
    } catch {
      return false;
    }
  };

  say("script", true, "This browser runs scripts.");
  const size = () => {
    const [wide, tall] = [window.innerWidth, window.innerHeight];
    const fits = wide >= 1024 && tall >= 600;
    say("screen", fits, `This window is ${wide} by ${tall}. ${fits ? "Projected steps fit." : "Make it larger: full screen is best."}`);
  };
  size();
  window.addEventListener("resize", size);
  say("picture", drawn("2d"), drawn("2d") ? "This browser can draw the moving picture." : "It cannot draw the moving picture. Tables hold the same.");
  if (navigator.getBattery) {
    navigator.getBattery().then((battery) => {
      const left = Math.round(100 * battery.level);
      say("power", battery.charging, battery.charging ? "The charger is plugged in. Set the computer not to sleep." : `On battery, ${left}% left. Plug in the charger.`);
    });
  }

  const seen = document.getElementById("seen");
  const ask = async () => {
    try {
      const answer = await fetch(seen.dataset.state);
      const now = await answer.json();
      if (seen.textContent !== now.said) seen.firstElementChild.textContent = now.said;
    } catch {
      // The server is away for a moment: the line stays as it is.
    }
    setTimeout(ask, 2000);
  };
  ask();

  const print = document.getElementById("print");
  print.parentElement.hidden = false;
  print.addEventListener("click", () => window.print());
}
