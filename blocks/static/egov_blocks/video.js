// A video is a link. Where its player is allowed, a click replaces the link by the player. Nothing loads before.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-player]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.src = link.dataset.player;
  frame.title = link.dataset.title;
  frame.width = 640;
  frame.height = 360;
  frame.allow = "fullscreen; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  link.replaceWith(frame);
  frame.focus();
});
